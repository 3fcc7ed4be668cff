/** Strokes on a 20 × 20 grid, drawn for Dray. */
export const icons = {
  pause: 'M7 4.5v11M13 4.5v11',
  resume: 'M6.5 4.2v11.6l9-5.8z',
  cancel: 'M5 5l10 10M15 5L5 15',
  retry: 'M15.8 8A6.2 6.2 0 1 0 16 11.6M16 4v4.2h-4.2',
  remove: 'M4 5.5h12M8 5.5V3.8h4v1.7M5.5 5.5l.8 10.7h7.4l.8-10.7M8.5 8.5v5M11.5 8.5v5',
  save: 'M10 3.5v9M6.2 9L10 12.8 13.8 9M4 16.2h12',
  more: 'M5.5 7.8L10 12.3l4.5-4.5',
  done: 'M4.5 10.5l3.8 3.8 7.2-8',
  failed: 'M10 5.5v5.5M10 14.2v.1M10 2.8a7.2 7.2 0 1 0 0 14.4 7.2 7.2 0 1 0 0-14.4',
  waiting: 'M10 6v4.2l2.8 1.6M10 2.8a7.2 7.2 0 1 0 0 14.4 7.2 7.2 0 1 0 0-14.4',
  search: 'M8.8 4a4.8 4.8 0 1 0 0 9.6 4.8 4.8 0 1 0 0-9.6M12.4 12.4L16.5 16.5',
  plus: 'M10 4.5v11M4.5 10h11',
  copy: 'M7.5 7.5h8.5v8.5H7.5zM12.5 7.5V4H4v8.5h3.5',
  leave: 'M8 4H4.5v12H8M9 10h7M13 6.8L16.2 10 13 13.2',
} as const;

export type IconName = keyof typeof icons;
