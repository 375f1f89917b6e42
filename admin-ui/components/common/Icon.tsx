const PATHS = {
  alert: "M12 3 2.5 20h19L12 3Zm0 7v4.5m0 2.6v.1",
  back: "m14.5 5-7 7 7 7",
  bubble: "M4 5h16v11H9.5L5 20v-4H4V5Z",
  bot: "M5 9h14v10H5V9Zm7 0V5m-3 8.5v.1m6-.1v.1M10 16h4",
  camera: "M4 8h4l1.5-2.5h5L16 8h4v11H4V8Zm8 2a3.5 3.5 0 1 1 0 7 3.5 3.5 0 0 1 0-7Z",
  card: "M4 5h16v14H4V5Zm3.5 10.5c.5-2 4.5-2 5 0M10 8.5a1.7 1.7 0 1 1 0 3.4 1.7 1.7 0 0 1 0-3.4Zm5.5 1.5H17m-1.5 3.5H17",
  check: "m4.5 12.5 5 5 10-11",
  clip: "m19.5 11-7.8 7.8a4.6 4.6 0 0 1-6.5-6.5l8-8a3 3 0 0 1 4.3 4.3l-8 8a1.5 1.5 0 0 1-2.1-2.1l7-7",
  clock: "M12 7.5V12l3 2m6-2a9 9 0 1 1-18 0 9 9 0 0 1 18 0Z",
  dashboard: "M4 4h7v9H4V4Zm9 0h7v5h-7V4Zm0 7h7v9h-7v-9Zm-9 4h7v5H4v-5Z",
  details: "M4 5h16v14H4V5Zm10.5 0v14",
  down: "m5 9.5 7 7 7-7",
  up: "m5 14.5 7-7 7 7",
  download: "M12 4v11m-5-4.5 5 5 5-5M4 20h16",
  eye: "M2.5 12c4-8.5 15-8.5 19 0-4 8.5-15 8.5-19 0Zm9.5-3a3 3 0 1 1 0 6 3 3 0 0 1 0-6Z",
  file: "M6 3h8l4 4v14H6V3Zm8 0v4h4",
  forward: "m14 7 6 5-6 5v-3.5c-5 0-8 1.5-10 4.5.5-5 4-8 10-8.5V7Z",
  filter: "M4 6h16M7 12h10M10 18h4",
  gear: "M12 9a3 3 0 1 1 0 6 3 3 0 0 1 0-6Zm0-6v3m0 12v3M3 12h3m12 0h3M5.6 5.6l2.2 2.2m8.4 8.4 2.2 2.2m-12.8 0 2.2-2.2m8.4-8.4 2.2-2.2",
  left: "m14.5 5-7 7 7 7",
  list: "M4 7h16M4 12h16M4 17h16",
  microphone: "M12 3a3 3 0 0 1 3 3v5a3 3 0 0 1-6 0V6a3 3 0 0 1 3-3Zm-6.5 8a6.5 6.5 0 0 0 13 0M12 17.5V21",
  moon: "M19.5 14.5A8 8 0 0 1 9.5 4.5a8 8 0 1 0 10 10Z",
  more: "M5.5 12v.1M12 12v.1m6.5-.1v.1",
  note: "M9 18V5l10-2v12M9 18a2.5 2.5 0 1 1-5 0 2.5 2.5 0 0 1 5 0Zm10-3a2.5 2.5 0 1 1-5 0 2.5 2.5 0 0 1 5 0Z",
  pen: "m4 20 1-5L16.5 3.5l4 4L9 19l-5 1Z",
  person: "M12 4a4 4 0 1 1 0 8 4 4 0 0 1 0-8ZM4.5 20c.5-7 14.5-7 15 0",
  people:
    "M9 5a3.5 3.5 0 1 1 0 7 3.5 3.5 0 0 1 0-7ZM2.5 19c1-5 12-5 13 0M15.5 5.5a3.5 3.5 0 0 1 0 6.5m2 2.5c2.2.6 3.6 2 4 4.5",
  phone: "M7 3h10v18H7V3Zm4 15h2",
  picture: "M4 5h16v14H4V5Zm0 11 5-5 4 4 2.5-2.5L20 17M15.5 8.5v.1",
  pin: "M12 21c4.5-5 7-8.5 7-11.5a7 7 0 0 0-14 0c0 3 2.5 6.5 7 11.5Zm0-14a2.5 2.5 0 1 1 0 5 2.5 2.5 0 0 1 0-5Z",
  play: "M7 4.5v15l12-7.5-12-7.5Z",
  plus: "M12 5v14M5 12h14",
  reply: "M10 7 4 12l6 5v-3.5c5 0 8 1.5 10 4.5-.5-5-4-8-10-8.5V7Z",
  right: "m9.5 5 7 7-7 7",
  search: "M10.5 4a6.5 6.5 0 1 1 0 13 6.5 6.5 0 0 1 0-13Zm5 11.5L20 20",
  send: "M4 12 20 4l-5 16-3.5-6.5L4 12Z",
  signOut: "M14 4h6v16h-6M4 12h11m-4-4 4 4-4 4",
  smile: "M12 3a9 9 0 1 1 0 18 9 9 0 0 1 0-18ZM8.5 14.5c1.5 2.5 5.5 2.5 7 0M9 9.5v.1m6-.1v.1",
  sun: "M12 8a4 4 0 1 1 0 8 4 4 0 0 1 0-8Zm0-6v2m0 16v2M2 12h2m16 0h2M5 5l1.5 1.5m11 11L19 19M5 19l1.5-1.5m11-11L19 5",
  tag: "M4 4h8l8 8-8 8-8-8V4Zm4.5 4.5v.1",
  template: "M4 4h16v5H4V4Zm0 9h7v7H4v-7Zm11 0h5m-5 3.5h5m-5 3.5h3",
  cross: "m6 6 12 12M18 6 6 18",
} as const;

export type IconName = keyof typeof PATHS;

/** A drawing beside words or inside a labelled control, never the only carrier of meaning. */
export function Icon({ name, size = 18 }: { name: IconName; size?: number }) {
  return (
    <svg
      width={size}
      height={size}
      viewBox="0 0 24 24"
      fill="none"
      stroke="currentColor"
      strokeWidth={1.8}
      strokeLinecap="round"
      strokeLinejoin="round"
      aria-hidden
      focusable={false}
    >
      <path d={PATHS[name]} />
    </svg>
  );
}
