export { type CloudEvent, parseCloudEvent } from './cloud-event.ts';
export { type ConsumerOptions, consume, type Handler } from './consumer.ts';
export type { Hints } from './hints.ts';
export { connectNats, type Nats, type NatsOptions } from './nats.ts';
export { postgresHints } from './postgres-hints.ts';
export { createPublisher, type Message, type Opened, type Publisher } from './publisher.ts';
