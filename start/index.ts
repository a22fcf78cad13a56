export { type Directories, openDirectories } from './directories.ts';
export { type Runtime, readRuntimeFile } from './runtime-file.ts';
export { type Stack, type StackOptions, startStack, type Topology } from './stack.ts';
export { startThrowawayStack, type ThrowawayStack } from './throwaway.ts';
