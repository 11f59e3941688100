// Loaded before the first paint, and not as a module, so that a chosen theme does not flash up as the other.
(function () {
  let chosen = null;
  try {
    chosen = localStorage.getItem('headgate.theme');
  } catch {
    // Storage may be switched off; the system's own theme stands then.
  }
  if (chosen === 'dark' || chosen === 'light')
    document.documentElement.dataset.theme = chosen;
})();
