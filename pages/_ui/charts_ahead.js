// The part that draws charts; where it cannot be loaded, the first chart says so.
export default function ({ data }) {
  for (const part of data) import(new URL(part, document.baseURI)).catch(() => {});
}
