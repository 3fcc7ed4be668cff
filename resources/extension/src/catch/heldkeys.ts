// A content script: tells the worker what is held while the user clicks, and nothing else of the page.
function tell(event: MouseEvent): void {
  const held = [event.altKey && 'alt', event.ctrlKey && 'ctrl', event.shiftKey && 'shift'].filter(Boolean);
  if (event.isTrusted && held.length > 0) void chrome.runtime.sendMessage({ held }).catch(() => undefined);
}

addEventListener('click', tell, true);
addEventListener('auxclick', tell, true);

export {};
