// How the HTML of the whole output is judged (tests/site/test_pages.py): whatever html-validate recommends is an
// error, and so are its rules for whole documents. A rule that is off or loosened says why.
import { defineConfig } from "html-validate";

export default defineConfig({
  root: true,
  extends: ["html-validate:recommended", "html-validate:document", "html-validate:a11y"],
  rules: {
    // Whether generated HTML ends its lines with spaces is seen by nobody.
    "no-trailing-whitespace": "off",
    // It wants every space of a telephone link unbreakable, also those of the name beside the number. Numbers are
    // kept in one piece by the class `num`.
    "tel-non-breaking": "off",
    // Titles are the editors'. The page's own words come first in them and the site's short name last, so nothing is
    // lost where a search engine cuts.
    "long-title": "off",
    // Integrity hashes guard against another host's files. There are none: the tests refuse them.
    "require-sri": ["error", { target: "crossorigin" }],
  },
});
