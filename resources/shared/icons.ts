/** Strokes on a 20 × 20 grid, drawn for Dray; the page and the extension have the same. */
export const icons = {
  pause: 'M7 4.5v11M13 4.5v11',
  resume: 'M6.5 4.2v11.6l9-5.8z',
  cancel: 'M5 5l10 10M15 5L5 15',
  retry: 'M15.8 8A6.2 6.2 0 1 0 16 11.6M16 4v4.2h-4.2',
  remove: 'M4 5.5h12M8 5.5V3.8h4v1.7M5.5 5.5l.8 10.7h7.4l.8-10.7M8.5 8.5v5M11.5 8.5v5',
  open: 'M11 4h5v5M16 4l-7.5 7.5M8 5H4.5v10.5H15V12',
  save: 'M10 3.5v9M6.2 9L10 12.8 13.8 9M4 16.2h12',
  more: 'M5.5 7.8L10 12.3l4.5-4.5',
  done: 'M4.5 10.5l3.8 3.8 7.2-8',
  failed: 'M10 5.5v5.5M10 14.2v.1M10 2.8a7.2 7.2 0 1 0 0 14.4 7.2 7.2 0 1 0 0-14.4',
  waiting: 'M10 6v4.2l2.8 1.6M10 2.8a7.2 7.2 0 1 0 0 14.4 7.2 7.2 0 1 0 0-14.4',
  search: 'M8.8 4a4.8 4.8 0 1 0 0 9.6 4.8 4.8 0 1 0 0-9.6M12.4 12.4L16.5 16.5',
  plus: 'M10 4.5v11M4.5 10h11',
  copy: 'M7.5 7.5h8.5v8.5H7.5zM12.5 7.5V4H4v8.5h3.5',
  leave: 'M8 4H4.5v12H8M9 10h7M13 6.8L16.2 10 13 13.2',
  list: 'M7.5 5h9M7.5 10h9M7.5 15h9M3.6 5h.1M3.6 10h.1M3.6 15h.1',
  drive: 'M4 9.5h12v6.5H4zM6.5 9.5V4h7v5.5M8.8 6.2v.6M11.2 6.2v.6',
  workflow: 'M3.5 3.5h5v4h-5zM11.5 12.5h5v4h-5zM6 7.5v7h5.5M9 12l2.5 2.5L9 17',
  agent: 'M4.5 7.5h11v8h-11zM10 7.5V4M8.5 4h3M7.8 11h.1M12.2 11h.1M2.5 10.5v2.5M17.5 10.5v2.5',
  history: 'M10 6v4.2l2.8 1.6M3.6 8A6.8 6.8 0 1 1 3.3 11.4M3.2 4.4V8h3.6',
  settings: 'M3.5 6h6.5M14 6h2.5M3.5 14H6M10 14h6.5M10 6a2 2 0 1 0 4 0 2 2 0 1 0-4 0M6 14a2 2 0 1 0 4 0 2 2 0 1 0-4 0',
  server: 'M3.5 4h13v5h-13zM3.5 11h13v5h-13zM6.4 6.5h.1M6.4 13.5h.1M9 6.5h4.5M9 13.5h4.5',
  grip: 'M7.5 5h.1M7.5 10h.1M7.5 15h.1M12.5 5h.1M12.5 10h.1M12.5 15h.1',
  link: 'M8.4 11.6l3.2-3.2M9 6.2l1.8-1.8a3.3 3.3 0 0 1 4.7 4.7L13.8 11M11 13.8l-1.8 1.8a3.3 3.3 0 0 1-4.7-4.7L6.2 9',
} as const;

/** Those that point along the line are turned where the page reads from right to left. */
export const turned: readonly IconName[] = ['leave', 'list', 'workflow'];

export type IconName = keyof typeof icons;
