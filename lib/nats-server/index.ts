export { findNatsServer, type NatsServer, startNatsServer } from './start.ts';
