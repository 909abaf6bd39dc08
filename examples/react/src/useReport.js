import { load } from "careconnect/worker";
import { useEffect, useState } from "react";

/** One worker for the whole page, started when it is first needed. */
let loading;

/** What is wrong with a resource, kept up to date while it changes. */
export function useReport(text) {
  const [state, setState] = useState({});
  useEffect(() => {
    const controller = new AbortController();
    const { signal } = controller;
    (async () => {
      loading ??= load();
      const report = await (await loading).validate(text, { signal });
      setState({ report });
    })().catch((error) => {
      if (!signal.aborted) setState({ error });
    });
    // The text has changed, or the component is gone: what was asked is out of date.
    return () => controller.abort();
  }, [text]);
  return state;
}
