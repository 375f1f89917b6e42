import classes from "@/components/settings/Settings.module.css";
import { money } from "@/lib/amounts";
import type { MonthlyCosts } from "@/lib/models";
import { settingsTexts as texts } from "@/lib/settings-texts";
import { texts as deskTexts } from "@/lib/texts";

/** "free_customer_service" as a person reads it. */
const words = (name: string) => name.replaceAll("_", " ");

type Line = MonthlyCosts["lines"][number];

function shownCost({ billable, cost }: Line, currency: string): string {
  if (!billable) return texts.free;
  return cost === null ? texts.noRate : money(cost, currency);
}

export function CostTable({ costs }: { costs: MonthlyCosts }) {
  const { currency, lines, total } = costs;
  if (lines.length === 0) return <p className={classes.lead}>{texts.noCosts}</p>;
  return (
    <>
      <table className={classes.table}>
        <thead>
          <tr>
            <th scope="col">{texts.category}</th>
            <th scope="col" className={classes.number}>
              {texts.messages}
            </th>
            <th scope="col" className={classes.number}>
              {texts.cost}
            </th>
          </tr>
        </thead>
        <tbody>
          {lines.map((line) => (
            <tr key={`${line.category}-${line.type}-${line.billable}`}>
              <td>
                {words(line.category)}
                <span className={classes.hint}>
                  {[words(line.type), line.rate !== null && texts.each(money(line.rate, currency))]
                    .filter(Boolean)
                    .join(" · ")}
                </span>
              </td>
              <td className={classes.number}>{line.messages.toLocaleString(deskTexts.locale)}</td>
              <td className={classes.number}>{shownCost(line, currency)}</td>
            </tr>
          ))}
        </tbody>
        <tfoot>
          <tr>
            <th scope="row" colSpan={2}>
              {texts.total}
            </th>
            <td className={classes.number}>{money(total, currency)}</td>
          </tr>
        </tfoot>
      </table>
      {lines.some((line) => line.billable && line.cost === null) && (
        <p className={classes.hint}>{texts.partial}</p>
      )}
    </>
  );
}
