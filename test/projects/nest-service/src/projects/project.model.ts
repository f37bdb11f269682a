import { Field, ID, Int, ObjectType } from '@nestjs/graphql';

@ObjectType()
export class ProjectModel {
  @Field(() => ID)
  id!: string;

  @Field()
  name!: string;

  @Field(() => Int)
  budgetCents!: number;

  @Field(() => Int, { nullable: true })
  openCents?: number;
}
