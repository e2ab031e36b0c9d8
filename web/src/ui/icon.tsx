/** Line drawings on a grid of 24, our own. */
const paths = {
  overview: 'M4 13a8 8 0 0 1 16 0M12 13l3.5-4M4 13v3m16-3v3M8.5 19h7',
  apps: 'M4.5 4.5h6v6h-6zm9 0h6v6h-6zm-9 9h6v6h-6zm12 0v6m-3-3h6',
  services: 'm12 4 8 4-8 4-8-4zm-8 8 8 4 8-4M4 16l8 4 8-4',
  nodes: 'M4 5h16v5H4zm0 9h16v5H4zM7.5 7.5h.01M7.5 16.5h.01M12 7.5h4.5M12 16.5h4.5',
  cluster: 'M12 3.5 15 5.3v3.4L12 10.5 9 8.7V5.3zm-5 9 3 1.8v3.4L7 19.5l-3-1.8v-3.4zm10 0 3 1.8v3.4l-3 1.8-3-1.8v-3.4z',
  config: 'M4 7h9m4 0h3M4 17h3m4 0h9M15 4.8v4.4M9 14.8v4.4',
  secrets: 'M14.5 9.5 20 4m-3 3 2 2m-4.2 1.2a4.5 4.5 0 1 1-1-1.1',
  templates:
    'M8 4c-2 0-2.5 1-2.5 3S6 11 3.5 12c2.5 1 2 3 2 5s.5 3 2.5 3M16 4c2 0 2.5 1 2.5 3s-.5 4 2 5c-2.5 1-2 3-2 5s-.5 3-2.5 3',
  backups: 'M4 8v11h16V8M3 4.5h18V8H3zM12 11v5m-2-2 2 2 2-2',
  operations: 'M3 12h4l3-7 4 14 3-7h4',
  dns: 'M12 3.5a8.5 8.5 0 1 0 0 17 8.5 8.5 0 0 0 0-17zM3.5 12h17M12 3.5c5 5 5 12 0 17-5-5-5-12 0-17z',
  pxe: 'M13 3 5 13.5h6L10 21l8-10.5h-6z',
  system: 'M7 7h10v10H7zM10 3.5V7m4-3.5V7m-4 10v3.5m4-3.5v3.5M3.5 10H7m-3.5 4H7m10-4h3.5M17 14h3.5',
  instances: 'm4 11 8-6.5 8 6.5v8.5h-5.5V14h-5v5.5H4z',
  help: 'M12 3.5a8.5 8.5 0 1 0 0 17 8.5 8.5 0 0 0 0-17zM9.7 9.3c.3-3 5-2.8 4.7.2-.2 2-2.4 1.8-2.4 4M12 16.8h.01',
  search: 'M10.5 4a6.5 6.5 0 1 0 0 13 6.5 6.5 0 0 0 0-13zm4.7 11.2L20 20',
  more: 'M5 12h.01M12 12h.01M19 12h.01',
  menu: 'M4 7h16M4 12h16M4 17h16',
  close: 'm6 6 12 12M18 6 6 18',
  check: 'm5 12.5 4.5 4.5L19 7.5',
  plus: 'M12 5v14m-7-7h14',
  chevron: 'm8 10 4 4 4-4',
  updown: 'm8.5 9.5 3.5-4 3.5 4m-7 5 3.5 4 3.5-4',
  right: 'M5 12h14m-5-5 5 5-5 5',
  back: 'M19 12H5m5 5-5-5 5-5',
  external: 'M13.5 4.5h6v6m0-6-8 8M10 6H4.5v13.5H18V14',
  copy: 'M9 9h10.5v10.5H9zM15 9V4.5H4.5V15H9',
  info: 'M12 3.5a8.5 8.5 0 1 0 0 17 8.5 8.5 0 0 0 0-17zm0 8v4.5M12 8h.01',
  alert: 'M12 4 3 19.5h18zm0 6v4.5m0 2.5h.01',
  clock: 'M12 3.5a8.5 8.5 0 1 0 0 17 8.5 8.5 0 0 0 0-17zM12 7.5V12l3 2',
  disk: 'M5 4h14l2 10v6H3v-6zm-2 10h18M7 17h.01M10.5 17h.01',
  play: 'M7 5v14l12-7z',
  history: 'M4 5v4.5h4.5M4.5 9.5A8 8 0 1 1 4 12m8-4.5V12l3 2',
} as const

export type IconName = keyof typeof paths

/** A drawing that says nothing by itself: the words beside it do. */
export function Icon(props: { name: IconName; class?: string }) {
  return (
    <svg
      class={`shrink-0 ${props.class ?? 'size-5'}`}
      viewBox="0 0 24 24"
      fill="none"
      stroke="currentColor"
      stroke-width="1.7"
      stroke-linecap="round"
      stroke-linejoin="round"
      aria-hidden="true"
    >
      <path d={paths[props.name]} />
    </svg>
  )
}
