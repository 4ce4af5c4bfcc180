import { Socket } from 'node:net';

/**
 * Runs in a worker thread of the embedded database's process: a query in WebAssembly blocks the main thread, so only
 * another thread can notice that the parent is gone. The parent holds the other end of this pipe and never writes; when
 * the parent ends, however it does, the pipe closes and the process must not live on with the directory open.
 */
export const LIFELINE_FD = 4;

const lifeline = new Socket({ fd: LIFELINE_FD, readable: true, writable: false });
lifeline.on('close', () => process.kill(process.pid, 'SIGKILL'));
lifeline.on('error', () => process.kill(process.pid, 'SIGKILL'));
lifeline.resume();
