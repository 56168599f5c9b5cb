// A page is one step back, however often its address changes while it is on show.
export default function () {
  const own = history.pushState;
  const step = function (state, unused, url) {
    const to = new URL(url ?? location.href, location.href);
    const put = to.pathname === location.pathname ? history.replaceState : own;
    put.call(history, state, unused, url);
  };
  history.pushState = step;
  return () => {
    if (history.pushState === step) history.pushState = own;
  };
}
