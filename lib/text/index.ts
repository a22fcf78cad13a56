export { lineOf, linesOf } from './text.ts';
