export { type Answer, answer } from './answer.ts';
export { type Commands, type CommandTransaction, createCommands } from './commands.ts';
export { Denial } from './denial.ts';
export { type CommandTable, commandTable } from './tables.ts';
