// Ends a thread of the process every two seconds, whatever it does: `node --import`.
const workers = new Set();
process.on("worker", (worker) => {
  workers.add(worker);
  worker.once("exit", () => workers.delete(worker));
});
setInterval(() => {
  const [worker] = workers;
  worker?.terminate();
}, 2000).unref();
