import type { ComponentProps } from "react";

type StayingButtonProps = ComponentProps<"button"> & { "data-loading"?: boolean };

/** Of a double click the second press is for the button of the first, and not for one that came there meanwhile. */
let pressed: EventTarget | null = null;

/**
 * What every button of the desk is made of: it takes no press while what it began is under way, and keeps the focus.
 * A browser takes the focus from a disabled one, and puts keyboard and screen reader back to the top of the page.
 */
export function StayingButton({ disabled, onClick, ...props }: StayingButtonProps) {
  const isBusy = props["data-loading"];
  return (
    <button
      {...props}
      type={props.type ?? "button"}
      disabled={disabled && !isBusy}
      aria-disabled={isBusy ?? props["aria-disabled"]}
      onClick={(event) => {
        if (event.detail < 2) pressed = event.currentTarget;
        if (isBusy || event.currentTarget !== pressed) event.preventDefault();
        else onClick?.(event);
      }}
    />
  );
}
