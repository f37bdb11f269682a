// Ends this process when the parent process is gone.
exports.start = pid => {
  setInterval(() => {
    try {
      process.kill(pid, 0);
    } catch {
      process.exit(0);
    }
  }, 3000).unref();
};
exports.exit = code => process.exit(code || 0);
