/** Whether the dark colours hold now, for what style sheets do not reach. To be called while a component is set up. */
export function followDark(): { readonly isDark: boolean } {
  const query = matchMedia('(prefers-color-scheme: dark)');
  let isDark = $state(query.matches);
  $effect(() => {
    const follow = () => (isDark = query.matches);
    query.addEventListener('change', follow);
    return () => query.removeEventListener('change', follow);
  });
  return {
    get isDark() {
      return isDark;
    },
  };
}
