import { Assistant } from '@/components/assistant';

export default function Page() {
  return (
    <main>
      <h1>Feedback</h1>
      <Assistant />
    </main>
  );
}
