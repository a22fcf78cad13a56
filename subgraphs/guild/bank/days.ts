/** The UTC day of a moment, `2031-05-04`: limits begin anew at midnight. */
export const dayOf = (moment: Date): string => moment.toISOString().slice(0, 10);
