import { useEffect, useState } from 'preact/hooks';

const SAID_MS = 1_500;

interface CopyButtonProps {
  text: string;
  label: string;
}

export function CopyButton({ text, label }: CopyButtonProps) {
  const [said, setSaid] = useState('');
  useEffect(() => {
    if (said === '') return undefined;
    const timer = setTimeout(() => setSaid(''), SAID_MS);
    return () => clearTimeout(timer);
  }, [said]);
  const copy = async (): Promise<void> => {
    try {
      await navigator.clipboard.writeText(text);
      setSaid('Copied');
    } catch {
      // Browsers refuse the clipboard to pages that are not on loopback or HTTPS.
      setSaid('Not allowed');
    }
  };
  return (
    <button type="button" class="button is-quiet" onClick={() => void copy()}>
      <span role="status">{said === '' ? label : said}</span>
    </button>
  );
}
