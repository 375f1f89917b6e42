import { Sheet } from "@/components/phone/Sheet";
import classes from "@/components/phone/ListSheet.module.css";
import type { PhoneMenu } from "@/lib/phone-client";

interface Props {
  menu: PhoneMenu;
  onChoose: (rowId: string) => void;
  onClose: () => void;
}

/** The rows of a list message, to be tapped. */
export function ListSheet({ menu, onChoose, onClose }: Props) {
  return (
    <Sheet title={menu.list_label ?? ""} onClose={onClose}>
      {menu.sections.map((section, index) => (
        <section key={index}>
          {section.title && <h3 className={classes.section}>{section.title}</h3>}
          <ul>
            {section.rows.map((row) => (
              <li key={row.id}>
                <button type="button" className={classes.row} onClick={() => onChoose(row.id)}>
                  <span className={classes.title}>{row.title}</span>
                  {row.description && <span className={classes.description}>{row.description}</span>}
                </button>
              </li>
            ))}
          </ul>
        </section>
      ))}
    </Sheet>
  );
}
