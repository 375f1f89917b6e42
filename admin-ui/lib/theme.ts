import { createTheme } from "@mantine/core";
import type { MantineColorsTuple } from "@mantine/core";

import { StayingButton } from "@/components/common/StayingButton";

/** A deep green: near to WhatsApp's, dark enough for white text (6.5 : 1). */
const pine: MantineColorsTuple = [
  "#e7f6f2",
  "#d0ebe4",
  "#a3d7ca",
  "#72c2ae",
  "#4bb097",
  "#2a9a80",
  "#137a65",
  "#0c6656",
  "#0a5548",
  "#073e35",
];

/** Mantine's greys for the dark scheme, with a little of the green in them. */
const dark: MantineColorsTuple = [
  "#e5ebe8",
  "#c3ccc8",
  "#9ba8a3",
  "#67746f",
  "#3b4642",
  "#2a3330",
  "#1b2220",
  "#161c1a",
  "#121715",
  "#0f1413",
];

const staying = { defaultProps: { component: StayingButton } };

export const theme = createTheme({
  colors: { pine, dark },
  primaryColor: "pine",
  primaryShade: { light: 7, dark: 7 },
  defaultRadius: "md",
  fontFamily: 'system-ui, -apple-system, "Segoe UI", Roboto, "Noto Sans", Ubuntu, sans-serif',
  headings: { fontWeight: "650" },
  cursorType: "pointer",
  respectReducedMotion: true,
  components: { Button: staying, ActionIcon: staying },
});
