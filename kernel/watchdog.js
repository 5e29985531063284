// A thread of a kernel process: ends the process when its server is gone, whatever the other threads do.
import { workerData } from "node:worker_threads";

const LOOK_MS = 500;
/** @type {number} */
const server = workerData;

setInterval(() => {
  // An orphan has another parent; Windows lets it keep the number of the one it had.
  if (process.ppid !== server || !isThere(server)) process.kill(process.pid, "SIGKILL");
}, LOOK_MS);

/** @param {number} pid */
function isThere(pid) {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error.code !== "ESRCH";
  }
}
