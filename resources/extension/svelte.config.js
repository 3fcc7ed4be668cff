import { vitePreprocess } from '@sveltejs/vite-plugin-svelte';

// Trees instead of HTML strings: nothing is ever parsed as HTML, which stores of extensions ask for.
export default {
  preprocess: vitePreprocess({ script: false }),
  compilerOptions: { runes: true, fragments: 'tree' },
};
