import Link from "next/link";

import classes from "@/components/dashboard/Overview.module.css";
import { dashboardTexts as texts } from "@/lib/dashboard-texts";
import type { Overview } from "@/lib/models";
import { calendarDay } from "@/lib/relative-time";
import { texts as deskTexts } from "@/lib/texts";

type Day = Overview["days"][number];

const WIDTH = 420;
const HEIGHT = 132;
const FLOOR = 108;
const TOP = 16;
const BAR = 20;

const sum = (days: Day[], what: "opened" | "resolved") => days.reduce((all, day) => all + day[what], 0);

const dayName = (day: string, weekday: "short" | "long") => calendarDay(day, { weekday });

/** Two bars a day, which lead to the tickets that were opened on it. The same numbers stand in a table below, for whoever reads or hears those better. */
export function WeekChart({ days }: { days: Day[] }) {
  const highest = Math.max(1, ...days.flatMap((day) => [day.opened, day.resolved]));
  const step = WIDTH / days.length;
  const bar = (day: Day, index: number, what: "opened" | "resolved") => {
    const height = (day[what] / highest) * (FLOOR - TOP);
    const x = index * step + step / 2 + (what === "opened" ? -BAR - 1 : 1);
    return (
      <g key={`${day.day}-${what}`}>
        <rect
          className={classes[what]}
          x={x}
          y={FLOOR - height}
          width={BAR}
          height={height}
          rx={Math.min(3, height / 2)}
        />
        {day[what] > 0 && (
          <text className={classes.value} x={x + BAR / 2} y={FLOOR - height - 4} textAnchor="middle">
            {day[what]}
          </text>
        )}
      </g>
    );
  };
  return (
    <>
      <div className={classes.days}>
        <svg
          className={classes.chart}
          viewBox={`0 0 ${WIDTH} ${HEIGHT}`}
          role="img"
          aria-label={texts.chart(sum(days, "opened"), sum(days, "resolved"))}
        >
          <path className={classes.floor} d={`M0 ${FLOOR}.5H${WIDTH}`} />
          {days.map((day, index) => (
            <g key={day.day}>
              {bar(day, index, "opened")}
              {bar(day, index, "resolved")}
              <text className={classes.axis} x={index * step + step / 2} y={HEIGHT - 6} textAnchor="middle">
                {dayName(day.day, "short")}
              </text>
            </g>
          ))}
        </svg>
        <div className={classes.links}>
          {days.map(({ day, opened }) => (
            <Link
              key={day}
              className={classes.day}
              href={`/support-tickets?queue=all&sort=newest&opened=${day}`}
              aria-label={texts.openedOn(dayName(day, "long"), opened)}
            />
          ))}
        </div>
      </div>
      <p className={classes.legend}>
        <Link className={classes.link} href="/support-tickets?queue=all">
          <span className={classes.openedMark} aria-hidden />
          {texts.opened}
        </Link>
        <Link className={classes.link} href="/support-tickets?queue=all&status=RESOLVED">
          <span className={classes.resolvedMark} aria-hidden />
          {texts.resolved}
        </Link>
      </p>
      <details className={classes.table}>
        <summary>{texts.asTable}</summary>
        <table>
          <thead>
            <tr>
              <th scope="col">{texts.day}</th>
              <th scope="col">{texts.opened}</th>
              <th scope="col">{texts.resolved}</th>
            </tr>
          </thead>
          <tbody>
            {days.map((day) => (
              <tr key={day.day}>
                <th scope="row">{dayName(day.day, "long")}</th>
                <td>{day.opened.toLocaleString(deskTexts.locale)}</td>
                <td>{day.resolved.toLocaleString(deskTexts.locale)}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </details>
    </>
  );
}
