// Takes all that is left over of one core, at the lowest priority, until its input ends: what a machine that is busy
// with nothing of ours does to small requests.
import { lowerOwnPriority } from '../../dist/src/background-priority.js';
import { tell } from './child.mjs';

lowerOwnPriority();
let isOver = false;
process.stdin.resume();
process.stdin.once('end', () => {
  isOver = true;
});
tell({ started: true });
spin();

function spin() {
  const until = performance.now() + 5;
  while (performance.now() < until);
  if (!isOver) setImmediate(spin);
}
