export { type Client, connect, type Data, type Listening } from './client.ts';
export { post } from './post.ts';
