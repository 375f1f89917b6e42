import { Icon } from "@/components/common/Icon";
import classes from "@/components/thread/Colleagues.module.css";
import { useColleaguesOn } from "@/hooks/usePresence";
import { presenceTexts } from "@/lib/presence-texts";

/** Who else is on this ticket now; whoever writes is named first, as two answers are one too many. */
export function Colleagues({ ticketId }: { ticketId: number }) {
  const { viewing, writing } = useColleaguesOn(ticketId);
  return (
    <span role="status" className={classes.colleagues} data-part="colleagues">
      {writing.length > 0 && (
        <span className={classes.writing}>
          <Icon name="pen" size={14} />
          <span className={classes.names}>{presenceTexts.writing(writing)}</span>
        </span>
      )}
      {viewing.length > 0 && (
        <span className={classes.viewing}>
          <Icon name="eye" size={14} />
          <span className={classes.names}>{presenceTexts.viewing(viewing)}</span>
        </span>
      )}
    </span>
  );
}

/** The same in a row of the list, as small as it goes. */
export function ColleaguesMark({ ticketId }: { ticketId: number }) {
  const { viewing, writing } = useColleaguesOn(ticketId);
  if (viewing.length + writing.length === 0) return null;
  const words = writing.length > 0 ? presenceTexts.writing(writing) : presenceTexts.viewing(viewing);
  return (
    <span className={writing.length > 0 ? classes.writing : classes.viewing} title={words}>
      <Icon name={writing.length > 0 ? "pen" : "eye"} size={14} />
      <span className="visually-hidden">{words}</span>
    </span>
  );
}
