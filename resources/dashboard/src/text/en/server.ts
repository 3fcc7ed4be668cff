/** English: the server's figures. */
export const server = {
  loading: 'Asking the server…',
  speed: 'Downloading',
  connections: 'Connections',
  messages: 'Messages sent each second',
  bytes: 'Sent each second',
  figures: 'All figures',
} as const;
