// Says its pid, waits for its launcher to die, and says so by ending.
import { stopWhenLauncherDies } from './launcher.ts';

stopWhenLauncherDies(() => process.exit(0));
console.log(process.pid);
setInterval(() => {}, 60_000);
