/** English: the frame of the page and its connection. */
export const page = {
  product: 'Dray',
  views: { jobs: 'Jobs', drives: 'Drives', workflows: 'Workflows', agents: 'Agents', history: 'History', settings: 'Settings', server: 'Server' },
  viewsLabel: 'Views',
  skip: 'Skip to the content',
  comma: ', ',
  units: { second: 's', minute: 'min', hour: 'h', day: 'd' },

  statuses: {
    connecting: 'Connecting', connected: 'Live', catchingUp: 'Catching up', polling: 'Polling', offline: 'Offline', unauthorized: 'Not signed in',
  },
  offlineSince: (clock: string) => `Offline since ${clock}`,
  statusHints: {
    connecting: 'Looking for Dray.',
    connected: 'What you see is what is happening now.',
    catchingUp: 'Fetching what happened meanwhile.',
    polling: 'WebSockets are blocked on the way; numbers come a little later.',
    offline: 'No connection to Dray.',
    unauthorized: 'Dray does not know who you are.',
  },
  unreachable: 'Dray cannot be reached.',
  offlineNotice: (clock: string) => `Offline since ${clock}. What you see is how it was then.`,
  nextTry: (seconds: number) => (seconds > 0 ? `Next try in ${seconds} s.` : 'Trying…'),
} as const;
