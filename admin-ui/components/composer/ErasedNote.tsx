import classes from "@/components/composer/Composer.module.css";
import { contactTexts } from "@/lib/contact-texts";

/** In the place of the composer: nothing of an erased customer is quoted, kept or written any more. */
export function ErasedNote() {
  return (
    <section className={classes.composer} data-part="composer">
      <p role="status">{contactTexts.noAnswer}</p>
    </section>
  );
}
