// One socket per tab that says "something changed, revision n"; whoever shows live things asks again.
let revision = $state(0);
let wait = 2_000;

function open(): void {
  const base = new URL("api/v1/changes", location.href.split("#")[0]);
  base.protocol = base.protocol.replace("http", "ws");
  const socket = new WebSocket(base);
  socket.onopen = () => {
    wait = 2_000;
    revision++;
  };
  socket.onmessage = () => revision++;
  socket.onclose = () => {
    setTimeout(open, wait);
    wait = Math.min(wait * 2, 8_000);
  };
}

export const live = {
  begin: open,
  get revision(): number {
    return revision;
  },
};
