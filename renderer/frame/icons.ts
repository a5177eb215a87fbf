// Icons of the window: paths in a 20 x 20 box, drawn with a 1.5 px line in the colour of the text.
export const icons = {
  panels: 'M3 3.5h14v13H3zM3 8h14M9 8v8.5',
  list: 'M3 5h3M3 10h3M3 15h3M8.5 5H17M8.5 10H17M8.5 15H17',
  peak: 'M2.5 16.5h15M3 14.5c4 0 4.5-10.5 7-10.5s3 10.5 7 10.5',
  folder: 'M2.5 5.5v10h15v-8H9.5l-2-2z',
  parallel: 'M3 5h10M3 10h14M3 15h7M15 5h2M12.5 15H17',
  compute: 'M5.5 5.5h9v9h-9zM8.5 8.5h3v3h-3zM8 2.5v3M12 2.5v3M8 14.5v3M12 14.5v3M2.5 8h3M2.5 12h3M14.5 8h3M14.5 12h3',
  settings: 'M3 6h6M13 6h4M3 14h2M9 14h8M11 4v4M7 12v4',
  search: 'M8.5 3.5a5 5 0 1 0 0 10a5 5 0 1 0 0-10M12.5 12.5L17 17',
  close: 'M5 5l10 10M15 5L5 15',
  info: 'M10 2.5a7.5 7.5 0 1 0 0 15a7.5 7.5 0 1 0 0-15M10 9v5M10 6v.5',
  copy: 'M7 7h9v10H7zM4 13V3h9',
  play: 'M6 4l10 6l-10 6z',
  pause: 'M7 4v12M13 4v12',
  stop: 'M5 5h10v10H5z',
  abort: 'M10 2.5a7.5 7.5 0 1 0 0 15a7.5 7.5 0 1 0 0-15M5 5l10 10',
  plus: 'M10 4v12M4 10h12',
  minus: 'M4 10h12',
  check: 'M4 10.5l4 4l8-9',
  warning: 'M10 3l7.5 13.5h-15zM10 8v4M10 14v.5',
  lock: 'M5 9h10v8H5zM7 9V6.5a3 3 0 0 1 6 0V9',
  unlink: 'M8 12l-2 2a2.8 2.8 0 0 1-4-4l2.5-2.5M12 8l2-2a2.8 2.8 0 0 1 4 4l-2.5 2.5M6 3.5v2M3.5 6h2M14 16.5v-2M16.5 14h-2',
  refresh: 'M16 6.5A7 7 0 1 0 17 10M16.5 3v4h-4',
  up: 'M5 12.5l5-5l5 5',
  down: 'M5 7.5l5 5l5-5',
} as const;

export type IconName = keyof typeof icons;
