import "careconnect/element";
import { useState } from "react";
import { useReport } from "./useReport.js";

const EXAMPLE = '{ "resourceType": "Patient", "gender": "female" }';

export function App() {
  const [text, setText] = useState(EXAMPLE);
  const [audience, setAudience] = useState("clinical");
  const { report, error } = useReport(text);
  const verdict = error ? error.message : (report?.reason ?? "Checking…");
  return (
    <>
      <h1>careconnect with React</h1>
      <label htmlFor="source">Resource, in JSON or XML</label>
      <br />
      <textarea id="source" rows={12} cols={80} spellCheck={false} value={text} onChange={(event) => setText(event.target.value)} />
      <p role="status">{verdict}</p>
      <ul>
        {report?.issues.map(({ rule, offset, line, severity, message }) => (
          <li key={`${rule}${offset}`}>
            Line {line}, {severity}: {message}
          </li>
        ))}
      </ul>
      <label>
        For{" "}
        <select value={audience} onChange={(event) => setAudience(event.target.value)}>
          <option value="clinical">clinicians</option>
          <option value="patient">the patient</option>
        </select>
      </label>
      <careconnect-resource resource={text} audience={audience} />
    </>
  );
}
