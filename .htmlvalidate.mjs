// How the HTML of the whole output is judged (tests/site/test_pages.py): everything html-validate recommends is an
// error, so are its document rules. Each rule that is off says why.
import { defineConfig } from "html-validate";

export default defineConfig({
  root: true,
  extends: ["html-validate:recommended", "html-validate:document", "html-validate:a11y"],
  rules: {},
});
