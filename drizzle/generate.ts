// `pnpm migration --name <what-changes>`: writes a migration for each subgraph whose tables changed.
// drizzle-kit asks at the terminal whether a new name is a rename.
import { execFileSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { root, subgraphs } from './subgraphs.ts';

const { values } = parseArgs({ options: { name: { type: 'string' } } });
if (!values.name) {
  console.error('Give the migration a name: pnpm migration --name <what-changes>');
  process.exit(1);
}

const drizzleKit = fileURLToPath(new URL('bin.cjs', import.meta.resolve('drizzle-kit')));
for (const { tables, folder } of subgraphs) {
  const options = ['--dialect', 'postgresql', '--schema', tables, '--out', folder, '--name', values.name];
  execFileSync(process.execPath, [drizzleKit, 'generate', ...options], { cwd: root, stdio: 'inherit' });
}
