import { useSyncExternalStore } from "react";

import type { DevicePreference } from "@/lib/device-preferences";
import { devicePreferences } from "@/lib/device-preferences";

/** A switch of this browser, and what turns it. */
export function useDevicePreference(name: DevicePreference): [boolean, (on: boolean) => void] {
  const isOn = useSyncExternalStore(
    devicePreferences.subscribe,
    () => devicePreferences.isOn(name),
    () => name === "single-keys",
  );
  return [isOn, (on) => devicePreferences.turn(name, on)];
}
