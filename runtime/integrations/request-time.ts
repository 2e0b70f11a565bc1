const months = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];

/** Request times in the Common Log Format, UTC: `14/Apr/2025:22:11:01 +0000`. Made once a second. */
export class RequestTimes {
  #second = Number.NaN;
  #text = "";

  /** @param ms wall clock, milliseconds since the epoch */
  text(ms: number): string {
    const second = Math.floor(ms / 1000);
    if (second !== this.#second) {
      this.#second = second;
      this.#text = commonLogTime(second * 1000);
    }
    return this.#text;
  }
}

function commonLogTime(ms: number): string {
  const time = new Date(ms).toISOString();
  const month = months[Number(time.slice(5, 7)) - 1] as string;
  return `${time.slice(8, 10)}/${month}/${time.slice(0, 4)}:${time.slice(11, 19)} +0000`;
}
