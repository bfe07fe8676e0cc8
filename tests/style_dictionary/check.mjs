// Reads token files with style-dictionary, each on its own, and fails if one token gets lost or stays an alias.
// Run by `make verify` in a folder that has style-dictionary: node check.mjs FILE...
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';

const require = createRequire(join(process.cwd(), 'package.json'));
const { default: StyleDictionary } = await import(pathToFileURL(require.resolve('style-dictionary')));

function count(group) {
  let found = 0;
  for (const [name, item] of Object.entries(group)) {
    if (item && typeof item === 'object' && (!name.startsWith('$') || name === '$root')) {
      found += '$value' in item ? 1 : count(item);
    }
  }
  return found;
}

let failed = process.argv.length < 3;
if (failed) console.error('no token files');
for (const file of process.argv.slice(2)) {
  const dictionary = new StyleDictionary({
    source: [file],
    usesDtcg: true,
    platforms: { css: { transformGroup: 'css' } },
    log: { warnings: 'disabled', verbosity: 'silent' },
  });
  const { allTokens } = await dictionary.getPlatformTokens('css');
  const expected = count(JSON.parse(readFileSync(file, 'utf8')));
  const odd = allTokens.filter((token) => token.$value === undefined || /\{|\[object/.test(String(token.$value)));
  if (allTokens.length !== expected || expected === 0 || odd.length > 0) {
    failed = true;
    const names = odd.map((token) => `${token.path.join('.')}: ${token.$value}`);
    console.error(`${file}: ${allTokens.length} of ${expected} tokens read`, ...names);
  } else {
    console.log(`${file}: ${expected} tokens`);
  }
}
process.exit(failed ? 1 : 0);
