/** What draws charts; from a script of its own, before the modules. */
declare const vegaEmbed: (
  place: Element,
  spec: object,
  options: object,
) => Promise<{ finalize(): void }>;
