// undici's own door loads fetch, WebSocket, caches and mocks: 40 ms and 15 MB for what a wire has no use for. Its parts are
// where they are because the version is pinned, and are typed by what the door says of them.
declare module 'undici/lib/dispatcher/pool.js' {
  import { Pool } from 'undici';
  export default Pool;
}

declare module 'undici/lib/dispatcher/agent.js' {
  import { Agent } from 'undici';
  export default Agent;
}

declare module 'undici/lib/core/errors.js' {
  import { errors } from 'undici';
  export default errors;
}
