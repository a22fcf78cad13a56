export { type Answer, answer } from './answer.ts';
export { type Commands, type CommandTransaction, createCommands, type Writes } from './commands.ts';
export { Denial } from './denial.ts';
export { commandExpiry } from './expiry.ts';
export { type CommandTable, commandTable } from './tables.ts';
