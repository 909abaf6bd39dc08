// How a displayed resource looks in its shadow root: by the package's own style, in this page's type and colours.

import style from "../../../pkg/dist/careconnect.css?inline";
import own from "../style/display.css?inline";

export const sheet = new CSSStyleSheet();
sheet.replaceSync(style + own);
