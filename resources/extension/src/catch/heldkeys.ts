// A content script: tells the worker what is held while the user clicks, and nothing else of the page. A page
// may get it again, as when this is switched off and on: the first leaves a mark, the others do nothing.
function tell(event: MouseEvent): void {
  const held = [event.altKey && 'alt', event.ctrlKey && 'ctrl', event.shiftKey && 'shift'].filter(Boolean);
  if (event.isTrusted && held.length > 0) void chrome.runtime.sendMessage({ held }).catch(() => undefined);
}

// Its own property: names of the page's elements are inherited ones.
if (!Object.hasOwn(globalThis, 'drayTellsKeys')) {
  Object.assign(globalThis, { drayTellsKeys: true });
  addEventListener('click', tell, true);
  addEventListener('auxclick', tell, true);
}

export {};
