// Loaded before the server: ends it when the tests' process is gone, however that ended. Nobody writes to standard input.
'use strict';
process.stdin.on('end', () => process.exit()).resume();
