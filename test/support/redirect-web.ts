import { Agent, getGlobalDispatcher, setGlobalDispatcher } from 'undici';

/**
 * Until it is taken back, what this process fetches from the web arrives at the address given; what it fetches from this
 * machine is let through. So a package can be used with the vendor's own address, and nothing leaves.
 */
export function redirectWeb(to: string): { asked: string[]; takeBack(): Promise<void> } {
  const asked: string[] = [];
  const before = getGlobalDispatcher();
  const agent = new Agent().compose((dispatch) => (options, handler) => {
    const { origin = '' } = options;
    if (new URL(origin).hostname === '127.0.0.1') return dispatch(options, handler);
    asked.push(`${origin}${options.path}`);
    return dispatch({ ...options, origin: to }, handler);
  });
  setGlobalDispatcher(agent);
  return {
    asked,
    async takeBack() {
      setGlobalDispatcher(before);
      await agent.close();
    },
  };
}
