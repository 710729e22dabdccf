// The graph of graph.yaml, written in TypeScript: npx blok build examples/book-trip/graph.ts
import { defineGraph, expr, text } from 'blok';

interface Trip {
  traveller: string;
  card: string;
}

export default defineGraph<Trip, { world: string }>(
  {
    name: 'book-trip',
    description: 'Books a flight and a hotel, then charges the card. If any of it fails, all that was done is undone.',
    input: {
      type: 'object',
      required: ['traveller', 'card'],
      properties: { traveller: { type: 'string' }, card: { type: 'string' } },
    },
    vars: { world: 'http://127.0.0.1:4410/playground' },
  },
  ({ input, vars, run, node }) => {
    /** Something that is made with PUT and undone with DELETE at the same address. */
    const undoable = (path: string, json: object) => {
      const url = text`${vars.world}/${path}/${run.id}`;
      return {
        uses: 'http.request' as const,
        with: { method: 'PUT' as const, url, json },
        compensate: { uses: 'http.request' as const, with: { method: 'DELETE' as const, url } },
      };
    };

    const flight = node('flight', {
      ...undoable('bookings/flights', { traveller: input.traveller, to: 'Oslo' }),
      retry: { maxAttempts: 5, delay: '1s', factor: 2, maxDelay: '30s' },
    });
    const hotel = node('hotel', undoable('bookings/hotels', { traveller: input.traveller, nights: 2 }));
    const price = expr<number>`${flight.output.body.price} + ${hotel.output.body.price}`;
    const charge = node('charge', {
      needs: [flight, hotel],
      ...undoable('payments', { amount: price, card: input.card }),
    });
    node('confirm', {
      uses: 'email.send',
      needs: [charge],
      connection: 'playground-mail',
      with: {
        to: input.traveller,
        subject: text`Your trip to Oslo (${run.id})`,
        text: text`Booked. You paid ${charge.output.body.amount} EUR.`,
      },
    });
    return { paid: charge.output.body.amount };
  },
);
